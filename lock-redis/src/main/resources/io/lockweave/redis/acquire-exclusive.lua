-- The most frequent cases of acquire.lua, without the cost of the rest: a first try for an exclusive lock that is free, or
-- that somebody else holds exclusively. Whatever else is found is left to what follows. The format is told in lock.lua, and
-- why the fences are made like this.
if ARGV[2] == 'X' and string.sub(ARGV[8], 2, 2) == '1'
    and (string.sub(ARGV[8], 1, 1) == '0' or redis.call('EXISTS', KEYS[3]) == 0) then
    local clock = redis.call('TIME')
    local micros = clock[1] .. string.format('%06d', clock[2])
    local now = string.sub(micros, 1, -4)
    local counter = redis.call('GET', KEYS[2])
    if not counter or (#counter == 19 and counter < micros) then
        local fence = micros .. '001'
        local number = tonumber(ARGV[5]) < 999 and ARGV[5] or '999'
        local value = '1 X ' .. ARGV[1] .. ' ' .. fence .. ' ' .. number .. ' ' .. now .. ' ' .. ARGV[6] .. '\n' .. ARGV[7]
        if redis.call('SET', KEYS[1], value, 'NX', 'PX', ARGV[4]) then
            redis.call('SET', KEYS[2], micros .. string.format('%03d', number))
            return {'G', fence, number}
        end
    end
    local held = redis.pcall('GET', KEYS[1])
    if type(held) == 'string' then
        local owner, value = string.match(held, '^1 X (%x+) ([^\n]+)\n')
        if owner and owner ~= ARGV[1] then
            if string.sub(ARGV[8], 3, 3) == '1' then
                redis.call('RPUSH', KEYS[3], ARGV[1] .. ' ' .. string.format('%.0f', now + ARGV[10]) .. ' X 1 ' .. ARGV[5]
                    .. ' ' .. ARGV[9] .. ' ' .. ARGV[6])
                redis.call('PEXPIRE', KEYS[3], ARGV[10])
            end
            return {'B', string.format('%.0f', redis.call('PTTL', KEYS[1])), 'X', owner, '0 ' .. value, now}
        end
    end
end

