-- Takes several locks that are free, exclusively, or none of them. KEYS are three for each: a lock, its fence counter, its queue.
-- Answers T <now> and a fence and a number of fences for each lock | B as acquire.lua and then which of them, counted from 1
--   | A <now>: these have to be asked for one after the other | L <now>: it came too late
-- ARGV: 1 whether it is fair; 2 the lease; 3 the fences wanted for each; 4 the place; 5 the time of the server after which it
--   does nothing; then an owner and the key of each lock
local fair, lease, wanted, place = ARGV[1] == '1', tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local count = #KEYS / 3
if now - ARGV[5] > 0 then return {'L', whole(now)} end

local function choose(i)
    lock, counter, queue, details = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i], nil
    return ARGV[4 + 2 * i], ARGV[5 + 2 * i]
end

local known = {} -- what is held already: the answer to a call before was lost
for i = 1, count do
    local mine = choose(i)
    local held = redis.pcall('GET', lock)
    if type(held) == 'string' then
        local owner, holder = string.match(held, '^2 [XW] (%x+) ([^\n]+)\n')
        if not owner then return {'A', whole(now)} end
        if owner ~= mine then
            return {'B', whole(redis.call('PTTL', lock)), 'X', owner, '0 ' .. holder, whole(now), tostring(i)}
        end
        known[i] = holder
    elseif held then
        return {'A', whole(now)} -- several holders, or none of ours
    elseif fair and redis.call('EXISTS', queue) == 1 then
        return {'A', whole(now)} -- those before it may be dead
    end
end

local answer = {'T', whole(now)}
for i = 1, count do
    local owner, text = choose(i)
    local fence, number
    if known[i] then
        fence, number = string.match(known[i], '^(%d+) (%d+)')
        redis.call('PEXPIRE', lock, whole(lease))
    else
        fence, number = next_fences(math.min(wanted, math.floor(999 / count)))
        enter(owner, 'X', '1', lease, fence, number, place, text)
        number = whole(number)
    end
    answer[#answer + 1] = fence
    answer[#answer + 1] = number
end
return answer
