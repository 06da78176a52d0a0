-- Says something on a channel of our own, to see whether it is heard there. Answers how many listen.
local listeners = redis.pcall('PUBLISH', ARGV[1], 'E')
return {type(listeners) == 'number' and tostring(listeners) or listeners.err}
