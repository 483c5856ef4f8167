const { createClient } = require('redis');
createClient().connect();
