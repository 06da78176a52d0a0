-- Takes the owner out of the queue, with no key but that of the queue, which is KEYS[1] here; see lock.lua for the format.
local place = redis.call('HGET', KEYS[1], ARGV[1])
if place then
    redis.call('HDEL', KEYS[1], ARGV[1], '#' .. place)
    if redis.call('HLEN', KEYS[1]) <= 3 then redis.call('DEL', KEYS[1]) end
end
return {'1'}
