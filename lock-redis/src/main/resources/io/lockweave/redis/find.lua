-- Reads many locks without changing them. KEYS are pairs of a lock and its queue; see lock.lua for the format.
-- Answers the server's time and then, for each lock: how many values follow, its time left, its queue's length, and its fields
-- and values; a lock that is a string comes as the field lw.
local clock = redis.call('TIME')
local answer = {string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))}
for i = 1, #KEYS, 2 do
    local fields = {}
    local text = redis.pcall('GET', KEYS[i])
    if type(text) == 'string' then
        fields = {'lw', text}
    elseif text then
        if not string.find(text.err, 'WRONGTYPE', 1, true) then error(text.err) end
        fields = redis.pcall('HGETALL', KEYS[i])
        if fields.err then fields = {'lw', '?'} end
    end
    answer[#answer + 1] = tostring(2 + #fields)
    answer[#answer + 1] = string.format('%.0f', redis.call('PTTL', KEYS[i]))
    answer[#answer + 1] = string.format('%d', math.max(0, redis.call('HLEN', KEYS[i + 1]) - 3) / 2)
    for _, value in ipairs(fields) do
        answer[#answer + 1] = value
    end
end
return answer
