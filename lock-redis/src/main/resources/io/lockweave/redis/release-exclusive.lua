-- The most frequent cases of release.lua, without the cost of the rest: an exclusive lock that nobody waits for, or whose
-- next waiter wants it exclusively too and is listening. Whatever else is found is left to what follows. Answers as
-- release.lua, and X behind it if nobody waits.
local held = redis.pcall('GET', KEYS[1])
local mine = ARGV[1] .. ' '
local stays = type(held) == 'string' and string.sub(ARGV[2], 2, 2) == '0'
if stays and string.sub(held, 1, 4 + #mine) == '2 X ' .. mine then
    redis.call('DEL', KEYS[1])
    return {'1', 'X'}
end
if stays and string.sub(held, 1, 4 + #mine) == '2 W ' .. mine then
    local ends = redis.call('HMGET', KEYS[3], 'h', 't')
    local first = ends[1]
    if not first then
        redis.call('DEL', KEYS[1])
        return {'1', 'X'}
    end
    local owner, dead_at, fences, channel, lease, try, place =
        string.match(redis.call('HGET', KEYS[3], '#' .. first) or '', '^(%x+) (%d+) X 1 (%d+) G ([^ -]%S*) (%d+) #(%d+) (.*)$')
    if owner then
        local clock = redis.call('TIME')
        local micros = clock[1] .. string.sub('00000' .. clock[2], -6)
        local now = string.sub(micros, 1, -4)
        -- Asked before it is told, because who listens on a replica hears it and is not counted.
        local listeners = string.sub(ARGV[2], 1, 1) == '0' and 1 or redis.pcall('PUBSUB', 'NUMSUB', channel)[2]
        if now - dead_at < 0 and type(listeners) == 'number' and listeners > 0 then
            -- First a write that is not refused for lack of memory: none of those after it is refused then.
            if first == ends[2] then
                redis.call('DEL', KEYS[3])
            else
                redis.call('HDEL', KEYS[3], '#' .. first, owner)
                redis.call('HINCRBY', KEYS[3], 'h', 1)
            end
            local fence = micros .. '001'
            local last = redis.call('GETSET', KEYS[2], micros .. '999')
            if last and (#last > 19 or #last == 19 and last > micros) then
                redis.call('SET', KEYS[2], last)
                redis.call('INCR', KEYS[2])
                fence = redis.call('GET', KEYS[2])
                redis.call('INCRBY', KEYS[2], fences - 1)
            end
            redis.call('SET', KEYS[1], '2 W ' .. owner .. ' ' .. fence .. ' ' .. fences .. ' ' .. now .. ' ' .. place
                .. string.sub(held, (string.find(held, '\n', 1, true))), 'PX', lease)
            redis.pcall('PUBLISH', channel, 'G ' .. owner .. ' ' .. fence .. ' ' .. fences .. ' ' .. lease .. ' ' .. try)
            return {'1'}
        end
    end
end

