-- What the scripts that change one lock have in common, for all cases but the most frequent ones, which acquire.lua and
-- release.lua try first.
--
-- KEYS[1]  the lock, which exists while somebody holds it:
--            a string if held exclusively: "2 <X or W> <owner> <fence> <fences> <since> <place>\n<key>"; W if somebody may
--              wait for it. Who takes a free lock past a queue writes X: those in the queue ask again by themselves
--            a sorted set if shared or a semaphore: "3 <S or P> <permits>" with 0, and each holder's <owner> with its lease end,
--              so that nothing reads all holders; it expires with the last of them
--          2 and 3 are the versions of these formats: what another one wrote counts as locked by somebody, also the hash that
--          was 2 of shared locks and semaphores. Times are the server's, in milliseconds. Since is - where the fence tells
--          it: it is the microseconds and three digits more
-- KEYS[2]  the fence counter shared by all locks of this slot: the last fence given, a decimal number
-- KEYS[3]  the queue, a hash of those who wait, so that who asks again finds itself at once however many they are:
--            field t = the last place given, field h = the first one that may be in use, field s = when the dead are next looked
--              for, for each of them a field <owner> = its place, a number, and a field #<place> =
--            "<owner> <dead at> <mode> <permits> <fences> <kind> <channel> <first lease> #<try> <place>"
--            mode: X, s or p. Who reads and writes hashes wrote S and P, and can use no lock that is let in from here
--            dead at: when it counts as dead unless it asks again before
--            kind G: a release grants the lock to it at once; W: a release only wakes it
--            channel -: not listening yet, it asks again by itself at once
--            try: which of its tries wrote this, told with a grant, so that an old message is known for one. Early versions of
--              Lockweave write none, and are told none
-- KEYS[4]  what else is known of several holders, a hash: field key = the key for people, and for each holder a field <owner> =
--            "<fence> <fences> <since> <place>". Nothing but that is decided by it. It may outlive the lock, never its leases
local lock, counter, queue, details = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local foreign = false -- something is there that this version cannot read: locked by somebody
local mode, permits, key_text
local letter, holder, stay -- of an exclusive lock: who holds it, and what is known of it
local first -- the earliest lease end of several holders
local live = 0 -- how many hold it
local tail -- the last place of the queue that was given, once it was asked for

local function whole(number)
    return string.format('%.0f', number)
end

-- For a call with the key of the lock alone, details are out of reach; they end by themselves.
local function forget(owner)
    if details then redis.call('HDEL', details, owner) end
end

local function clear()
    live = 0
    redis.call('DEL', lock)
    if details then redis.call('DEL', details) end
end

-- Those whose lease is over are cleared away, once each.
local function sweep_holders()
    for _, owner in ipairs(redis.call('ZRANGEBYSCORE', lock, '1', whole(now))) do
        redis.call('ZREM', lock, owner)
        forget(owner)
    end
end

local function read_several()
    local head = redis.pcall('ZRANGE', lock, '0', '1', 'WITHSCORES')
    if head.err then
        if not string.find(head.err, 'WRONGTYPE', 1, true) then error(head.err) end
        foreign = true
        return
    end
    mode, permits = string.match(head[1] or '', '^3 ([SP]) (%d+)$')
    if not mode then
        foreign = true
        return
    end
    first = tonumber(head[4] or 0)
    if first <= now then
        sweep_holders()
        first = tonumber(redis.call('ZRANGE', lock, '1', '1', 'WITHSCORES')[2])
        if not first then return clear() end
    end
    live = redis.call('ZCARD', lock) - 1
end

local function read_lock()
    local text = redis.pcall('GET', lock)
    if not text then return end
    if type(text) == 'string' then
        letter, holder, stay, key_text = string.match(text, '^2 ([XW]) (%x+) ([^\n]+)\n(.*)$')
        if not holder then
            foreign = true
            return
        end
        mode, permits = 'X', '1'
        live = 1
    elseif string.find(text.err, 'WRONGTYPE', 1, true) then
        read_several()
    else
        error(text.err)
    end
end

-- Whether this owner holds the lock.
local function holds(owner)
    if live == 0 then return false end
    if mode == 'X' then return owner == holder end
    return redis.call('ZSCORE', lock, owner) ~= false
end

local function text_of_several()
    return redis.call('HGET', details, 'key') or '' -- evicted
end

-- How long until the lock comes free if its holders are dead, or has room if it is a semaphore.
local function lease_left()
    if mode == 'P' then return first - now end
    return redis.call('PTTL', lock)
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

-- Several holders: what tells of them lives as long as the one whose lease ends last.
local function stay_until(lease_end)
    local latest = now + redis.call('PTTL', lock)
    if latest < lease_end then
        latest = lease_end
        redis.call('PEXPIREAT', lock, whole(latest))
    end
    redis.call('PEXPIREAT', details, whole(latest))
end

local function enter(owner, new_mode, new_permits, lease, fence, number, place, text)
    local known = fence .. ' ' .. number .. ' ' .. whole(now) .. ' ' .. place
    if new_mode == 'X' then
        redis.call('SET', lock, '2 W ' .. owner .. ' ' .. known .. '\n' .. text, 'PX', whole(lease))
        holder, stay, letter, key_text = owner, known, 'W', text
    else
        local lease_end = now + lease
        if live == 0 then
            redis.call('DEL', lock, details)
            redis.call('ZADD', lock, '0', '3 ' .. new_mode .. ' ' .. new_permits, whole(lease_end), owner)
            redis.call('PEXPIREAT', lock, whole(lease_end))
            redis.call('HSET', details, 'key', text, owner, known)
            redis.call('PEXPIREAT', details, whole(lease_end))
            first = lease_end
        else
            redis.call('ZADD', lock, whole(lease_end), owner)
            redis.call('HSET', details, owner, known)
            stay_until(lease_end)
            first = math.min(first, lease_end)
        end
    end
    mode, permits = new_mode, new_permits
    live = live + 1
end

local function drop(owner)
    if live == 1 then return clear() end
    redis.call('ZREM', lock, owner)
    forget(owner)
    live = live - 1
    local latest = redis.call('ZRANGE', lock, '-1', '-1', 'WITHSCORES')
    redis.call('PEXPIREAT', lock, latest[2])
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

-- Within how many milliseconds a claim of this queue asks again, after its first try. The more there are, the less often each of
-- them does: together they ask some ten times a second. Three tries missed, and it counts as dead.
local function asks_within(least, most)
    return math.min(math.max(redis.call('HLEN', queue) * 50, tonumber(least)), tonumber(most))
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
    if redis.call('PTTL', queue) < alive then redis.call('PEXPIRE', queue, alive + 1000) end
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
            string.match(entry, '^%x+ %d+ (%a) (%d+) (%d+) (%u) (%S+) (%d+) (.*)$')
        local writes_hashes = wanted_mode == 'S' or wanted_mode == 'P'
        wanted_mode = string.upper(wanted_mode or '')
        if wanted_mode == '' or not fits(wanted_mode, wanted_permits) then return end
        if kind == 'W' or writes_hashes then
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
