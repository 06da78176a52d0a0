-- Prolongs the leases of many grants. KEYS are locks, ARGV[1] is the lease, and the owners follow in the same order; or the
-- details of a lock with several holders, and + in place of an owner, which stay for that time too.
-- Answers 1 for each that is still held, else 0. Nothing is ever created here; see lock.lua for the format.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local lease_end = string.format('%.0f', now + ARGV[1])
local answers = {}

local function stay(key)
    redis.call('PEXPIREAT', key, string.format('%.0f', now + math.max(redis.call('PTTL', key), tonumber(ARGV[1]))))
end

local function renew_one_of_several(lock, owner)
    local old_end = redis.pcall('ZSCORE', lock, owner)
    if type(old_end) == 'table' then
        if not string.find(old_end.err, 'WRONGTYPE', 1, true) then error(old_end.err) end
        return false
    end
    if not old_end or tonumber(old_end) <= now then return false end
    -- The time first, which is not refused for lack of memory: nothing after it is refused then.
    stay(lock)
    redis.call('ZADD', lock, lease_end, owner)
    return true
end

for i, lock in ipairs(KEYS) do
    local owner = ARGV[i + 1]
    local held = owner == '+' or redis.pcall('GET', lock)
    if held == true then
        stay(lock)
    elseif type(held) == 'table' then
        if not string.find(held.err, 'WRONGTYPE', 1, true) then error(held.err) end
        held = renew_one_of_several(lock, owner)
    elseif held then
        held = string.match(held, '^2 [XW] (%x+) ') == owner
        if held then redis.call('PEXPIREAT', lock, lease_end) end
    end
    answers[i] = held and '1' or '0'
end
return answers
