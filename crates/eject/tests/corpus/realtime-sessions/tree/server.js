const http = require('http');
const express = require('express');
const { Server } = require('socket.io');
const { sessions } = require('./session');
const { attach } = require('./adapter');
const { pubsub } = require('./graphql');

const app = express().use(sessions);
const server = http.createServer(app);
const io = new Server(server);
io.on('connection', (socket) => socket.on('chat', (text) => pubsub.publish('CHAT', { text })));
attach(io).then(() => server.listen(8080));
