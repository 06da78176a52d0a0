-- Takes the lock, or queues the claim.
-- Answers G <fence> <fences> <now> | B <milliseconds left> <mode> <owner> <holder> <now>, and if it waits <milliseconds within
--   which it asks again> | U <permits> <mode> | F <milliseconds left> | L <now>: it came too late, when its client has given it up
-- ARGV: 1 the owner; 2 five letters and the permits: mode, fair, never sent before, going to wait, listeners are counted;
--   3 the lease; 4 the fences wanted, at most 999; 5 <place>\n<key>; 6 "<least> <most> <kind> <channel> <first lease> #<try>" for
--   the queue, where least and most bound the milliseconds within which it asks again;
--   7 the time of the server after which it does nothing: its client has repeated it by then, or has withdrawn the claim
local owner, lease, fences = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local wanted_mode, fair, fresh, waits, counted, wanted_permits = string.match(ARGV[2], '^(%u)(%d)(%d)(%d)(%d)(%d+)$')
local place, text = string.match(ARGV[5], '^([^\n]*)\n(.*)$')
local least, most, kind_channel_lease = string.match(ARGV[6], '^(%d+) (%d+) (.*)$')
local again -- within how many milliseconds it asks again, if it waits
counted = counted == '1'

if now - ARGV[7] > 0 then return {'L', whole(now)} end
read_lock()
if foreign then return {'F', whole(redis.call('PTTL', lock))} end

-- The answer to a claim that holds the lock already, now with the whole lease; or nil.
local function held_already()
    if not holds(owner) then return nil end
    if mode == 'X' then
        redis.call('PEXPIRE', lock, whole(lease))
        local fence, number = string.match(stay, '^(%d+) (%d+)')
        return {'G', fence, number, whole(now)}
    end
    stay_until(now + lease) -- first, as it is not refused for lack of memory: nothing after it is refused then
    redis.call('ZADD', lock, whole(now + lease), owner)
    local fence, number = string.match(redis.call('HGET', details, owner) or '', '^(%d+) (%d+)')
    if not fence then -- evicted
        fence, number = next_fences(fences)
        redis.call('HSET', details, owner, fence .. ' ' .. number .. ' ' .. whole(now) .. ' ' .. place)
        stay_until(now + lease)
        number = whole(number)
    end
    return {'G', fence, number, whole(now)}
end

local granted = held_already() -- its first answer was lost, or a release granted it
if granted then return granted end
if live > 0 and mode == 'P' and wanted_mode == 'P' and permits ~= wanted_permits then
    return {'U', permits, mode}
end

if fits(wanted_mode, wanted_permits) then
    -- A free lock may be taken past the queue unless the claim is fair; a shared one or a semaphore may not, or its queue starves.
    if (live == 0 and fair == '0') or not someone_before(owner) then
        local fence, number = next_fences(fences)
        if fresh == '0' then leave_queue(owner) end
        enter(owner, wanted_mode, wanted_permits, lease, fence, number, place, text)
        return {'G', fence, whole(number), whole(now)}
    end
end

if waits == '1' then
    again = fresh == '1' and tonumber(least) or asks_within(least, most)
    local entry = owner .. ' ' .. whole(now + 3 * again) .. ' ' .. (wanted_mode == 'X' and 'X' or string.lower(wanted_mode)) .. ' ' .. wanted_permits .. ' ' .. whole(fences)
        .. ' ' .. kind_channel_lease .. ' ' .. place
    enter_queue(owner, 3 * again, entry)
    again = whole(again)
    if mode == 'X' and letter == 'X' then redis.call('SETRANGE', lock, 2, 'W') end
elseif fresh == '0' and leave_queue(owner) then
    hand_on(text, counted) -- those behind it may fit where it did not
end

if fits(wanted_mode, wanted_permits) then
    -- The holder's lease ended, or the head of the queue died: those before this claim are let in, and it behind them if there is room.
    hand_on(text, counted)
    granted = held_already()
    if granted then return granted end
    if live == 0 then return {'B', '100', 'X', '', '', whole(now)} end
end

if mode == 'X' then return {'B', whole(lease_left()), mode, holder, '0 ' .. stay, whole(now), again} end
local some = redis.call('ZRANGE', lock, '1', '1', 'WITHSCORES')
return {'B', whole(lease_left()), mode, some[1], some[2] .. ' ' .. (redis.call('HGET', details, some[1]) or ''), whole(now), again}
