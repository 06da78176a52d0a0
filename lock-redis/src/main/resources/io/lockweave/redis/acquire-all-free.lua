-- The most frequent case of acquire-all.lua, without the cost of the rest: all locks are free, and no counter is ahead of the
-- clock. The arguments are told in acquire-all.lua, the format in lock.lua, and why the fences are made like this.
do
    local count = #KEYS / 3
    local free, counters = {}, {}
    for i = 1, count do
        free[i], counters[i] = KEYS[3 * i - 2], KEYS[3 * i - 1]
        if ARGV[1] == '1' then free[count + i] = KEYS[3 * i] end
    end
    local clock = redis.call('TIME')
    local micros = clock[1] .. string.sub('00000' .. clock[2], -6)
    local now = string.sub(micros, 1, -4)
    if now - ARGV[5] > 0 then return {'L', now} end
    local good = redis.call('EXISTS', unpack(free)) == 0
    if good then
        for _, last in ipairs(redis.call('MGET', unpack(counters))) do
            good = good and (not last or #last == 19 and last < micros)
        end
    end
    if good then
        local number = math.min(tonumber(ARGV[3]), math.floor(999 / count))
        local rest = ' ' .. number .. ' ' .. now .. ' ' .. ARGV[4] .. '\n'
        local answer, spent, ends = {'T', now}, {}, {}
        for i = 1, count do
            local counter = counters[i]
            local before = spent[counter] or 0
            spent[counter] = before + number
            local fence = micros .. string.format('%03d', before + 1)
            redis.call('SET', free[i], '2 X ' .. ARGV[4 + 2 * i] .. ' ' .. fence .. rest .. ARGV[5 + 2 * i], 'PX', ARGV[2])
            answer[#answer + 1] = fence
            answer[#answer + 1] = tostring(number)
        end
        for counter, used in pairs(spent) do
            ends[#ends + 1] = counter
            ends[#ends + 1] = micros .. string.format('%03d', used)
        end
        redis.call('MSET', unpack(ends))
        return answer
    end
end

