-- Prolongs the leases of many grants. KEYS are locks, ARGV[1] is the lease, and the owners follow in the same order.
-- Answers 1 for each that is still held, else 0. Nothing is ever created here; see lock.lua for the format.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local lease_end = string.format('%.0f', now + ARGV[1])
local answers = {}

local function renew_one_of_several(lock, owner)
    local found = redis.pcall('HMGET', lock, 'lw', owner)
    if found.err then
        if not string.find(found.err, 'WRONGTYPE', 1, true) then error(found.err) end
        return false
    end
    local old_end, rest = string.match(found[2] or '', '^(%d+)( .*)$')
    if string.sub(found[1] or '', 1, 2) ~= '2 ' or not old_end or tonumber(old_end) <= now then return false end
    -- The time first, which is not refused for lack of memory: nothing after it is refused then.
    local left = redis.call('PTTL', lock)
    redis.call('PEXPIREAT', lock, string.format('%.0f', now + math.max(left, tonumber(ARGV[1]))))
    redis.call('HSET', lock, owner, lease_end .. rest)
    return true
end

for i, lock in ipairs(KEYS) do
    local owner = ARGV[i + 1]
    local held = redis.pcall('GET', lock)
    if type(held) == 'table' then
        if not string.find(held.err, 'WRONGTYPE', 1, true) then error(held.err) end
        held = renew_one_of_several(lock, owner)
    elseif held then
        held = string.match(held, '^2 [XW] (%x+) ') == owner
        if held then redis.call('PEXPIREAT', lock, lease_end) end
    end
    answers[i] = held and '1' or '0'
end
return answers
