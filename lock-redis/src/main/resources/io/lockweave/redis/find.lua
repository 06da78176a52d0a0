-- Reads many locks without changing them. KEYS are three for each: a lock, its queue, its details; see lock.lua for the format.
-- Answers the server's time and then, for each lock: how many values follow, its time left, its queue's length, and its fields
-- and values: lw is what the lock says, key the key for people, and <owner> = "<lease end> <its details>" one of several holders.
local clock = redis.call('TIME')
local now = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))
local answer = {now}

local function several(lock, details)
    local holders = redis.pcall('ZRANGE', lock, '0', '-1', 'WITHSCORES')
    if holders.err then return {'lw', '?'} end
    local fields = {'lw', holders[1], 'key', redis.call('HGET', details, 'key') or '?'}
    for i = 3, #holders, 2 do
        fields[#fields + 1] = holders[i]
        fields[#fields + 1] = holders[i + 1] .. ' ' .. (redis.call('HGET', details, holders[i]) or '0 0 ' .. now .. ' ?')
    end
    return fields
end

for i = 1, #KEYS, 3 do
    local fields = {}
    local text = redis.pcall('GET', KEYS[i])
    if type(text) == 'string' then
        fields = {'lw', text}
    elseif text then
        if not string.find(text.err, 'WRONGTYPE', 1, true) then error(text.err) end
        fields = several(KEYS[i], KEYS[i + 2])
    end
    answer[#answer + 1] = tostring(2 + #fields)
    answer[#answer + 1] = string.format('%.0f', redis.call('PTTL', KEYS[i]))
    answer[#answer + 1] = string.format('%d', math.max(0, redis.call('HLEN', KEYS[i + 1]) - 3) / 2)
    for _, value in ipairs(fields) do
        answer[#answer + 1] = value
    end
end
return answer
