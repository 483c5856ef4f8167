module.exports = { setupFiles: ['./jest.setup.js'] };
