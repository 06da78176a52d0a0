-- The server's time, in milliseconds.
local clock = redis.call('TIME')
return {clock[1] .. string.sub('00000' .. clock[2], -6, -4)}
