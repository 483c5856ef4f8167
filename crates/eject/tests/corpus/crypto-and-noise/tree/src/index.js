const words = require("./words.json");
exports.has = (word) => words.includes(word);
exports.bullish = (market) => market.trend === "bull";
exports.resque = "rescue, misspelt";
