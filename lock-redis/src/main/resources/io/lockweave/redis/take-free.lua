-- Takes an exclusive lock that is free, and does nothing else: what a server spends on a script is its arguments, its strings
-- and its calls, so these are as few as can be. The format is told in lock.lua, and why the fences are made like this.
-- Answers the time in microseconds, of which 001 behind it is the fence | B: acquire.lua has to look | L <now>
-- KEYS: the lock, its fence counter. ARGV: 1 "2 X <owner> "; 2 "001 <fences> - <place>\n<key>"; 3 the lease; 4 the time of the
--   server in microseconds after which it does nothing
local clock = redis.call('TIME')
local micros = clock[1] .. string.sub('00000' .. clock[2], -6)
if micros - ARGV[4] > 0 then return {'L', string.sub(micros, 1, -4)} end
if redis.call('SET', KEYS[1], ARGV[1] .. micros .. ARGV[2], 'NX', 'PX', ARGV[3]) then
    local last = redis.call('GETSET', KEYS[2], micros .. '999')
    if not last or #last == 19 and last < micros then return {micros} end
    redis.call('SET', KEYS[2], last)
    redis.call('DEL', KEYS[1])
end
return {'B'}
