-- What the server says about itself and its memory, or nothing if this user may not ask.
local server = redis.pcall('INFO', 'server')
local memory = redis.pcall('INFO', 'memory')
return {type(server) == 'string' and server or '', type(memory) == 'string' and memory or ''}
