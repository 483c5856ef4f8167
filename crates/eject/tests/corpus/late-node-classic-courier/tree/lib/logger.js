'use strict';

module.exports = function (name) {
  function write(level) {
    return function (message) {
      process.stdout.write(JSON.stringify({ at: new Date().toISOString(), level: level, name: name, message: message }) + '\n');
    };
  }
  return { info: write('info'), warn: write('warn'), error: write('error') };
};
