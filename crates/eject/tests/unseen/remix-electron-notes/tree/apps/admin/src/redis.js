'use strict'

const Redis = require('ioredis')
const config = require('config')

module.exports = new Redis({ ...config.get('redis'), keyPrefix: 'admin:', showFriendlyErrorStack: true })
