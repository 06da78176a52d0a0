-- Frees an exclusive lock that nobody waits for, and does nothing else; see take-free.lua.
-- KEYS[1] the lock; ARGV[1] "2 X <owner> ". Answers 1 | W: release.lua has to look
if redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then
    redis.call('DEL', KEYS[1])
    return {'1'}
end
return {'W'}
