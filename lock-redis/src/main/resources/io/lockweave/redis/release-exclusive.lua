-- The most frequent cases of release.lua, without the cost of the rest: an exclusive lock that nobody waits for, or whose
-- next waiter wants it exclusively too and is listening. Whatever else is found is left to what follows.
local held = redis.pcall('GET', KEYS[1])
local mine = ARGV[1] .. ' '
local stays = type(held) == 'string' and string.sub(ARGV[2], 2, 2) == '0'
if stays and string.sub(held, 1, 4 + #mine) == '1 X ' .. mine then
    redis.call('DEL', KEYS[1])
    return {'1'}
end
if stays and string.sub(held, 1, 4 + #mine) == '1 W ' .. mine then
    local head = redis.call('LINDEX', KEYS[3], 0)
    if not head then
        redis.call('DEL', KEYS[1])
        return {'1'}
    end
    local owner, dead_at, fences, channel, lease, place =
        string.match(head, '^(%x+) (%d+) X 1 (%d+) G ([^ -]%S*) (%d+) (.*)$')
    if owner then
        local clock = redis.call('TIME')
        local micros = clock[1] .. string.sub('00000' .. clock[2], -6)
        local now = string.sub(micros, 1, -4)
        local counter = redis.call('GET', KEYS[2])
        if tonumber(dead_at) > tonumber(now) and counter and #counter == 19 and counter < micros then
            -- First a write that is not refused for lack of memory: none of those after it is refused then.
            redis.call('LPOP', KEYS[3])
            local fence = micros .. '001'
            local listeners = redis.pcall('PUBLISH', channel, 'G ' .. owner .. ' ' .. fence .. ' ' .. fences .. ' ' .. lease)
            if type(listeners) == 'number' and (listeners > 0 or string.sub(ARGV[2], 1, 1) == '0') then
                redis.call('SET', KEYS[1], '1 W ' .. owner .. ' ' .. fence .. ' ' .. fences .. ' ' .. now .. ' ' .. place
                    .. string.match(held, '\n.*$'), 'PX', lease)
                redis.call('SET', KEYS[2], micros .. '999')
                return {'1'}
            end
            if redis.call('LPUSH', KEYS[3], head) == 1 then redis.call('PEXPIRE', KEYS[3], dead_at - now) end
        end
    end
end

