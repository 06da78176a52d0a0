-- The most frequent cases of acquire.lua, without the cost of the rest: a first try for an exclusive lock that is free, or
-- that somebody else holds exclusively. Whatever else is found is left to what follows. The arguments are told in
-- acquire.lua, the format in lock.lua, and why the fences are made like this.
local asked = string.sub(ARGV[2], 1, 3)
if asked == 'X01' or asked == 'X11' and redis.call('EXISTS', KEYS[3]) == 0 then
    local clock = redis.call('TIME')
    local micros = clock[1] .. string.sub('00000' .. clock[2], -6)
    local now = string.sub(micros, 1, -4)
    if now - ARGV[7] > 0 then return {'L', now} end
    local fence = micros .. '001'
    local value = '2 X ' .. ARGV[1] .. ' ' .. fence .. ' ' .. ARGV[4] .. ' ' .. now .. ' ' .. ARGV[5]
    if redis.call('SET', KEYS[1], value, 'NX', 'PX', ARGV[3]) then
        local last = redis.call('GETSET', KEYS[2], micros .. '999')
        -- Sent twice by its client and queued by the first, its entry in the queue dies by itself: to look costs each lock a call.
        if not last or #last == 19 and last < micros then return {'G', fence, ARGV[4], now} end
        redis.call('SET', KEYS[2], last)
        redis.call('DEL', KEYS[1])
    else
        local held = redis.pcall('GET', KEYS[1])
        if type(held) == 'string' then
            local letter, owner, holder = string.match(held, '^2 ([XW]) (%x+) ([^\n]+)\n')
            if owner and owner ~= ARGV[1] then
                if string.sub(ARGV[2], 4, 4) == '1' then
                    local alive, how = string.match(ARGV[6], '^(%d+) (.*)$')
                    local entry = ARGV[1] .. ' ' .. string.format('%.0f', now + alive) .. ' X 1 ' .. ARGV[4] .. ' ' .. how
                        .. ' ' .. string.match(ARGV[5], '^[^\n]*')
                    local place = redis.call('HGET', KEYS[3], ARGV[1]) -- sent twice by its client, it keeps its first place
                    if place then
                        redis.call('HSET', KEYS[3], '#' .. place, entry)
                    else
                        place = string.format('%.0f', redis.call('HINCRBY', KEYS[3], 't', 1))
                        redis.call('HSET', KEYS[3], ARGV[1], place, '#' .. place, entry)
                        if place == '1' then redis.call('HSET', KEYS[3], 'h', '1', 's', string.format('%.0f', now + alive)) end
                    end
                    redis.call('PEXPIRE', KEYS[3], alive)
                    if letter == 'X' then redis.call('SETRANGE', KEYS[1], 2, 'W') end
                end
                return {'B', string.format('%.0f', redis.call('PTTL', KEYS[1])), 'X', owner, '0 ' .. holder, now}
            end
        end
    end
end

