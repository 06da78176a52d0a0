-- The most frequent cases of acquire.lua, without the cost of the rest: a first try for an exclusive lock that is free, or
-- that somebody else holds exclusively. Whatever else is found is left to what follows. The arguments are told in
-- acquire.lua, the format in lock.lua, and why the fences are made like this.
local asked = string.sub(ARGV[2], 1, 3)
if asked == 'X01' or asked == 'X11' and redis.call('EXISTS', KEYS[3]) == 0 then
    local clock = redis.call('TIME')
    local micros = clock[1] .. string.sub('00000' .. clock[2], -6)
    local now = string.sub(micros, 1, -4)
    if now - ARGV[7] > 0 then return {'L', now} end
    local fence = micros .. '001'
    local value = '2 X ' .. ARGV[1] .. ' ' .. fence .. ' ' .. ARGV[4] .. ' ' .. now .. ' ' .. ARGV[5]
    if redis.call('SET', KEYS[1], value, 'NX', 'PX', ARGV[3]) then
        local last = redis.call('GETSET', KEYS[2], micros .. '999')
        -- Sent twice by its client and queued by the first, its entry in the queue dies by itself: to look costs each lock a call.
        if not last or #last == 19 and last < micros then return {'G', fence, ARGV[4], now} end
        redis.call('SET', KEYS[2], last)
        redis.call('DEL', KEYS[1])
    else
        local held = redis.pcall('GET', KEYS[1])
        if type(held) == 'string' then
            local letter, owner, holder = string.match(held, '^2 ([XW]) (%x+) ([^\n]+)\n')
            if owner and owner ~= ARGV[1] then
                if string.sub(ARGV[2], 4, 4) == '1' then
                    local alive, how = string.match(ARGV[6], '^(%d+) (.*)$')
                    local entry = ARGV[1] .. ' ' .. string.format('%.0f', now + alive) .. ' X 1 ' .. ARGV[4] .. ' ' .. how
                        .. ' ' .. string.match(ARGV[5], '^[^\n]*')
                    local place = redis.call('HGET', KEYS[3], ARGV[1]) -- sent twice by its client, it keeps its first place
                    if place then
                        redis.call('HSET', KEYS[3], '#' .. place, entry)
                    else
                        place = string.format('%.0f', redis.call('HINCRBY', KEYS[3], 't', 1))
                        redis.call('HSET', KEYS[3], ARGV[1], place, '#' .. place, entry)
                        if place == '1' then redis.call('HSET', KEYS[3], 'h', '1', 's', string.format('%.0f', now + alive)) end
                    end
                    redis.call('PEXPIRE', KEYS[3], alive)
                    if letter == 'X' then redis.call('SETRANGE', KEYS[1], 2, 'W') end
                end
                return {'B', string.format('%.0f', redis.call('PTTL', KEYS[1])), 'X', owner, '0 ' .. holder, now}
            end
        end
    end
end

-- What the scripts that change one lock have in common, for all cases but the most frequent ones, which acquire.lua and
-- release.lua try first.
--
-- KEYS[1]  the lock, which exists while somebody holds it:
--            a string if held exclusively: "2 <X or W> <owner> <fence> <fences> <since> <place>\n<key>"; W if somebody may
--              wait for it. Who takes a free lock past a queue writes X: those in the queue ask again by themselves
--            a hash if shared or a semaphore: field lw = "2 <S or P> <permits>", field key = the key for people, and for each
--            holder a field <owner> = "<lease end> <fence> <fences> <since> <place>"; it expires with the last of them
--          2 is the version of this format: what another one wrote counts as locked by somebody. Times are the server's, in
--          milliseconds. Since is - where the fence tells it: it is the microseconds and three digits more
-- KEYS[2]  the fence counter shared by all locks of this slot: the last fence given, a decimal number
-- KEYS[3]  the queue, a hash of those who wait, so that who asks again finds itself at once however many they are:
--            field t = the last place given, field h = the first one that may be in use, field s = when the dead are next looked
--              for, for each of them a field <owner> = its place, a number, and a field #<place> =
--            "<owner> <dead at> <mode> <permits> <fences> <kind> <channel> <first lease> #<try> <place>"
--            dead at: when it counts as dead unless it asks again before
--            kind G: a release grants the lock to it at once; W: a release only wakes it
--            channel -: not listening yet, it asks again by itself at once
--            try: which of its tries wrote this, told with a grant, so that an old message is known for one. Early versions of
--              Lockweave write none, and are told none
local lock, counter, queue = KEYS[1], KEYS[2], KEYS[3]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local foreign = false -- something is there that this version cannot read: locked by somebody
local mode, permits, key_text
local letter -- of an exclusive lock
local tail -- the last place of the queue that was given, once it was asked for
local holders, live = {}, 0
local last, first -- the latest and the earliest lease end of several holders

local function whole(number)
    return string.format('%.0f', number)
end

local function count_end(lease_end)
    if not last or lease_end > last then last = lease_end end
    if not first or lease_end < first then first = lease_end end
end

local function read_several()
    local raw = redis.pcall('HGETALL', lock)
    if raw.err then
        if not string.find(raw.err, 'WRONGTYPE', 1, true) then error(raw.err) end
        foreign = true
        return
    end
    local head
    for i = 1, #raw, 2 do
        local field = raw[i]
        if field == 'lw' then
            head = raw[i + 1]
        elseif field == 'key' then
            key_text = raw[i + 1]
        else
            holders[field] = raw[i + 1]
            live = live + 1
        end
    end
    mode, permits = string.match(head or '', '^2 ([SP]) (%d+)$')
    if not mode then
        foreign = true
        return
    end
    for owner, value in pairs(holders) do
        local lease_end = tonumber(string.match(value, '^%d+'))
        if lease_end <= now then
            redis.call('HDEL', lock, owner)
            holders[owner] = nil
            live = live - 1
        else
            count_end(lease_end)
        end
    end
end

local function read_lock()
    local text = redis.pcall('GET', lock)
    if not text then return end
    if type(text) == 'string' then
        local owner, value
        letter, owner, value, key_text = string.match(text, '^2 ([XW]) (%x+) ([^\n]+)\n(.*)$')
        if not owner then
            foreign = true
            return
        end
        mode, permits = 'X', '1'
        holders[owner] = '0 ' .. value
        live = 1
    elseif string.find(text.err, 'WRONGTYPE', 1, true) then
        read_several()
    else
        error(text.err)
    end
end

-- How long until the lock comes free if its holders are dead, or has room if it is a semaphore.
local function lease_left()
    if mode == 'X' then return redis.call('PTTL', lock) end
    if mode == 'P' then return first - now end
    return last - now
end

local function fits(wanted_mode, wanted_permits)
    if live == 0 then return true end
    if wanted_mode == 'X' or wanted_mode ~= mode then return false end
    return mode == 'S' or (wanted_permits == permits and live < tonumber(permits))
end

-- Fences. The scale is the server's clock in nanoseconds, so that a counter that was lost goes on above where it was. One
-- script hands out at most 999 fences and takes more than a microsecond, which is worth 1000: however often locks are
-- granted, a counter never gets ahead of what a new one would start with at that time. Lua's numbers are doubles and too
-- coarse for these, so they stay text, and Redis adds. A counter ahead of the clock (which was set back) is counted on.
local spent = 0
local function next_fences(wanted)
    local number = math.min(wanted, 999 - spent)
    if number < 1 then return nil end
    spent = spent + number
    local micros = clock[1] .. string.format('%06d', clock[2])
    local seed = micros .. '000'
    local current = redis.call('GET', counter) or ''
    if #current < #seed or (#current == #seed and current < seed) then
        redis.call('SET', counter, micros .. string.format('%03d', number))
        return micros .. '001', number
    end
    redis.call('INCR', counter)
    local fence = redis.call('GET', counter)
    if number > 1 then redis.call('INCRBY', counter, number - 1) end
    return fence, number
end

local function enter(owner, new_mode, new_permits, lease, fence, number, place, text)
    local stay = fence .. ' ' .. number .. ' ' .. whole(now) .. ' ' .. place
    if new_mode == 'X' then
        redis.call('SET', lock, '2 W ' .. owner .. ' ' .. stay .. '\n' .. text, 'PX', whole(lease))
        holders[owner] = '0 ' .. stay
    else
        if live == 0 then
            redis.call('DEL', lock)
            redis.call('HSET', lock, 'lw', '2 ' .. new_mode .. ' ' .. new_permits, 'key', text)
            last, first = nil, nil
        end
        count_end(now + lease)
        holders[owner] = whole(now + lease) .. ' ' .. stay
        redis.call('HSET', lock, owner, holders[owner])
        redis.call('PEXPIREAT', lock, whole(last))
    end
    mode, permits = new_mode, new_permits
    live = live + 1
end

local function drop(owner)
    holders[owner] = nil
    live = live - 1
    if live == 0 then
        redis.call('DEL', lock)
        return
    end
    redis.call('HDEL', lock, owner)
    last, first = nil, nil
    for _, value in pairs(holders) do
        count_end(tonumber(string.match(value, '^%d+')))
    end
    redis.call('PEXPIREAT', lock, whole(last))
end

-- Where nobody is left only the three fields are that tell of the queue itself.
local function tidy_queue()
    if redis.call('HLEN', queue) <= 3 then redis.call('DEL', queue) end
end

local function leave_queue(owner)
    local place = redis.call('HGET', queue, owner)
    if not place then return false end
    redis.call('HDEL', queue, owner, '#' .. place)
    tidy_queue()
    return true
end

local function is_dead(entry)
    return tonumber(string.match(entry, '^%x+ (%d+) ') or 0) <= now
end

-- The dead are cleared away wherever they are: the queue lives on while anybody in it asks, and those behind its head are
-- looked at nowhere else. Once for each time after which a claim counts as dead, so an asking claim pays next to nothing.
local function sweep_queue(alive)
    local all = redis.call('HGETALL', queue)
    for i = 1, #all, 2 do
        if string.sub(all[i], 1, 1) == '#' and is_dead(all[i + 1]) then
            redis.call('HDEL', queue, all[i], (string.match(all[i + 1], '^%x+')))
        end
    end
    redis.call('HSET', queue, 's', whole(now + alive))
end

-- A claim that was never sent before is looked for too: its client may send it twice.
local function enter_queue(owner, alive, entry)
    local found = redis.call('HMGET', queue, owner, 's')
    local place = found[1]
    if place then
        redis.call('HSET', queue, '#' .. place, entry)
    else
        tail = redis.call('HINCRBY', queue, 't', 1)
        place = whole(tail)
        redis.call('HSET', queue, owner, place, '#' .. place, entry)
        if place == '1' then redis.call('HSET', queue, 'h', '1', 's', whole(now + alive)) end
    end
    redis.call('PEXPIRE', queue, alive)
    if found[2] and tonumber(found[2]) <= now then sweep_queue(alive) end
end

-- Who waits at this place of the queue or the next one behind it: the place, the owner, the entry; or nil at its end. The
-- dead are cleared away.
local function waiter_from(place)
    tail = tail or tonumber(redis.call('HGET', queue, 't') or 0)
    for at = place, tail do
        local field = '#' .. whole(at)
        local entry = redis.call('HGET', queue, field)
        if entry then
            local owner = string.match(entry, '^%x+')
            if not is_dead(entry) then return at, owner, entry end
            redis.call('HDEL', queue, field, owner)
        end
    end
end

-- The first of those who wait, as waiter_from. The places before it are never looked at again.
local function first_waiter()
    local first_place = redis.call('HGET', queue, 'h')
    if not first_place then return end
    local place, owner, entry = waiter_from(tonumber(first_place))
    if not place then
        redis.call('DEL', queue)
    elseif place > tonumber(first_place) then
        redis.call('HSET', queue, 'h', whole(place))
    end
    return place, owner, entry
end

local function someone_before(owner)
    local _, head = first_waiter()
    return head ~= nil and head ~= owner
end

-- Wakes a waiter. Where the server can count listeners, none means that its client is gone for now.
local function woken(channel, owner, counted)
    local listeners = redis.pcall('PUBLISH', channel, 'W ' .. owner)
    if type(listeners) ~= 'number' then return false end
    return listeners > 0 or not counted
end

-- Whether a grant may be told on this channel. Asked before, because who listens on a replica hears it and is not counted.
local function listened_to(channel, counted)
    if not counted then return true end
    local listeners = redis.pcall('PUBSUB', 'NUMSUB', channel)[2]
    return type(listeners) == 'number' and listeners > 0
end

-- Lets in the waiters that the lock now has room for, in order. Their first lease is short: a waiter that died in the queue
-- costs no more than that. One that does not listen at the moment keeps its place and is passed over. Of several that enter
-- together each gets few fences, or the first would take all that one script may give.
local function hand_on(text, counted)
    local at, owner, entry = first_waiter()
    while at do
        local wanted_mode, wanted_permits, fences, kind, channel, lease, place =
            string.match(entry, '^%x+ %d+ (%u) (%d+) (%d+) (%u) (%S+) (%d+) (.*)$')
        if not wanted_mode or not fits(wanted_mode, wanted_permits) then return end
        if kind == 'W' then
            if channel == '-' or woken(channel, owner, counted) then return end
        elseif channel == '-' or listened_to(channel, counted) then
            local wanted = tonumber(fences)
            local fence, number = next_fences(wanted_mode == 'X' and wanted or math.min(wanted, 20))
            if not fence then return end
            redis.call('HDEL', queue, owner, '#' .. whole(at))
            tidy_queue()
            local try, who = string.match(place, '^#(%d+) (.*)$')
            enter(owner, wanted_mode, wanted_permits, tonumber(lease), fence, number, who or place, text)
            if channel ~= '-' then
                redis.pcall('PUBLISH', channel, 'G ' .. owner .. ' ' .. fence .. ' ' .. whole(number) .. ' ' .. lease
                    .. (try and ' ' .. try or ''))
            end
        else
            woken(channel, owner, counted) -- it may listen on a replica
        end
        at, owner, entry = waiter_from(at + 1)
    end
end
-- Takes the lock, or queues the claim.
-- Answers G <fence> <fences> <now> | B <milliseconds left> <mode> <owner> <holder> <now> | U <permits> <mode> | F <milliseconds
--   left> | L <now>: it came too late, when its client has given it up
-- ARGV: 1 the owner; 2 five letters and the permits: mode, fair, never sent before, going to wait, listeners are counted;
--   3 the lease; 4 the fences wanted, at most 999; 5 <place>\n<key>; 6 "<alive> <kind> <channel> <first lease> #<try>" for the queue;
--   7 the time of the server after which it does nothing: its client has repeated it by then, or has withdrawn the claim
local owner, lease, fences = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local wanted_mode, fair, fresh, waits, counted, wanted_permits = string.match(ARGV[2], '^(%u)(%d)(%d)(%d)(%d)(%d+)$')
local place, text = string.match(ARGV[5], '^([^\n]*)\n(.*)$')
local alive, kind_channel_lease = string.match(ARGV[6], '^(%d+) (.*)$')
counted = counted == '1'

if now - ARGV[7] > 0 then return {'L', whole(now)} end
read_lock()
if foreign then return {'F', whole(redis.call('PTTL', lock))} end

-- The answer to a claim that holds the lock already, now with the whole lease; or nil.
local function held_already()
    local mine = holders[owner]
    if not mine then return nil end
    local fence, number, rest = string.match(mine, '^%d+ (%d+) (%d+)(.*)$')
    if mode == 'X' then
        redis.call('PEXPIRE', lock, whole(lease))
    else
        count_end(now + lease)
        redis.call('HSET', lock, owner, whole(now + lease) .. ' ' .. fence .. ' ' .. number .. rest)
        redis.call('PEXPIREAT', lock, whole(last))
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
    local entry = owner .. ' ' .. whole(now + alive) .. ' ' .. wanted_mode .. ' ' .. wanted_permits .. ' ' .. whole(fences)
        .. ' ' .. kind_channel_lease .. ' ' .. place
    enter_queue(owner, alive, entry)
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

local some, value = next(holders)
return {'B', whole(lease_left()), mode, some, value, whole(now)}
