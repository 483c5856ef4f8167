module.exports = { name: 'help', run: () => 'score, help, redispatch' };
