const fs = require('fs');
const path = require('path');
const { globSync } = require('glob');

const commands = new Map();
for (const file of fs.readdirSync(path.join(__dirname, 'commands'))) {
  if (!file.endsWith('.js')) continue;
  const command = require(path.join(__dirname, 'commands', file));
  commands.set(command.name, command);
}
for (const file of globSync('./jobs/**/*.job.js', { cwd: __dirname })) require(`./${file}`)();

module.exports = (name, ...args) => commands.get(name).run(...args);
