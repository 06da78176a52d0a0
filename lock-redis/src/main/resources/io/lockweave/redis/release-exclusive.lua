-- The most frequent cases of release.lua, without the cost of the rest: an exclusive lock that nobody waits for, or whose
-- next waiter wants it exclusively too and is listening. Whatever else is found is left to what follows.
local held = redis.pcall('GET', KEYS[1])
if type(held) == 'string' and ARGV[4] == '0' and string.sub(held, 1, 5 + #ARGV[1]) == '1 X ' .. ARGV[1] .. ' ' then
    local head = redis.call('LINDEX', KEYS[3], 0)
    if not head then
        redis.call('DEL', KEYS[1])
        return {'1'}
    end
    local owner, dead_at, fences, channel, lease, place =
        string.match(head, '^(%x+) (%d+) X 1 (%d+) G ([^ -]%S*) (%d+) (.*)$')
    if owner then
        local clock = redis.call('TIME')
        local micros = clock[1] .. string.format('%06d', clock[2])
        local now = string.sub(micros, 1, -4)
        local counter = redis.call('GET', KEYS[2])
        if tonumber(dead_at) > tonumber(now) and counter and #counter == 19 and counter < micros then
            local fence = micros .. '001'
            local number = tonumber(fences) < 999 and fences or '999'
            redis.call('SET', KEYS[2], micros .. string.format('%03d', number))
            local listeners = redis.pcall('PUBLISH', channel, 'G ' .. owner .. ' ' .. fence .. ' ' .. number .. ' ' .. lease)
            if type(listeners) == 'number' and (listeners > 0 or ARGV[3] == '0') then
                redis.call('LPOP', KEYS[3])
                redis.call('SET', KEYS[1], '1 X ' .. owner .. ' ' .. fence .. ' ' .. number .. ' ' .. now .. ' ' .. place
                    .. string.match(held, '\n.*$'), 'PX', lease)
                return {'1'}
            end
        end
    end
end

