-- Says something on a channel of our own, to see whether it is heard there. Answers how many listen, as PUBLISH and as PUBSUB
-- tell it, or what the server has against that.
local listeners = redis.pcall('PUBLISH', ARGV[1], 'E')
local counted = redis.pcall('PUBSUB', 'NUMSUB', ARGV[1])
local known = type(counted[2]) == 'number'
return {type(listeners) == 'number' and tostring(listeners) or listeners.err, known and tostring(counted[2]) or counted.err or '?'}
