-- The most frequent cases of acquire.lua, without the cost of the rest: a first try for an exclusive lock that is free, and
-- any try for one that somebody else holds exclusively. Whatever else is found is left to what follows. The arguments are
-- told in acquire.lua, the format in lock.lua, and why the fences are made like this.
local asked = string.sub(ARGV[2], 1, 3)
if string.sub(asked, 1, 1) == 'X' then
    local clock = redis.call('TIME')
    local micros = clock[1] .. string.sub('00000' .. clock[2], -6)
    local now = string.sub(micros, 1, -4)
    if now - ARGV[7] > 0 then return {'L', now} end
    local held = redis.pcall('GET', KEYS[1])
    if not held then
        if asked == 'X01' or asked == 'X11' and redis.call('EXISTS', KEYS[3]) == 0 then
            local fence = micros .. '001'
            local value = '2 X ' .. ARGV[1] .. ' ' .. fence .. ' ' .. ARGV[4] .. ' ' .. now .. ' ' .. ARGV[5]
            redis.call('SET', KEYS[1], value, 'NX', 'PX', ARGV[3])
            local last = redis.call('GETSET', KEYS[2], micros .. '999')
            -- Sent twice by its client and queued by the first, its entry in the queue dies by itself: to look costs each lock a call.
            if not last or #last == 19 and last < micros then return {'G', fence, ARGV[4], now} end
            redis.call('SET', KEYS[2], last)
            redis.call('DEL', KEYS[1])
        end
    elseif type(held) == 'string' then
        local letter, owner, holder = string.match(held, '^2 ([XW]) (%x+) ([^\n]+)\n')
        if owner and owner ~= ARGV[1] then
            local left = string.format('%.0f', redis.call('PTTL', KEYS[1]))
            if string.sub(ARGV[2], 4, 4) == '0' then
                if string.sub(asked, 3) == '1' then return {'B', left, 'X', owner, '0 ' .. holder, now} end
            else
                -- Sent twice by its client, it keeps its first place.
                local known = redis.call('HMGET', KEYS[3], ARGV[1], 's')
                local place, sweep = known[1], known[2]
                if not sweep or now - sweep < 0 then
                    local least, most, how = string.match(ARGV[6], '^(%d+) (%d+) (.*)$')
                    local again = tonumber(least)
                    if string.sub(asked, 3) == '0' then -- as asks_within in lock.lua
                        again = math.min(math.max(redis.call('HLEN', KEYS[3]) * 50, again), tonumber(most))
                    end
                    local alive = 3 * again
                    local entry = ARGV[1] .. ' ' .. string.format('%.0f', now + alive) .. ' X 1 ' .. ARGV[4] .. ' ' .. how .. ' '
                        .. string.match(ARGV[5], '^[^\n]*')
                    if place then
                        redis.call('HSET', KEYS[3], '#' .. place, entry)
                    else
                        place = string.format('%.0f', redis.call('HINCRBY', KEYS[3], 't', 1))
                        redis.call('HSET', KEYS[3], ARGV[1], place, '#' .. place, entry)
                        if place == '1' then
                            redis.call('HSET', KEYS[3], 'h', '1', 's', string.format('%.0f', now + alive))
                        end
                    end
                    if redis.call('PTTL', KEYS[3]) < alive then redis.call('PEXPIRE', KEYS[3], alive + 1000) end
                    if letter == 'X' then redis.call('SETRANGE', KEYS[1], 2, 'W') end
                    return {'B', left, 'X', owner, '0 ' .. holder, now, string.format('%.0f', again)}
                end
            end
        end
    end
end

