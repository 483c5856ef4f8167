const { DataSource } = require('typeorm');
const { createStorage } = require('unstorage');
const fs = require('unstorage/drivers/fs');

module.exports = { db: new DataSource({ type: 'postgres' }), files: createStorage({ driver: fs({ base: './data' }) }) };
