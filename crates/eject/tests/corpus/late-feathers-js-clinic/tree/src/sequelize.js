const Sequelize = require('sequelize');

module.exports = function (app) {
  const sequelize = new Sequelize(app.get('postgres'), {
    dialect: 'postgres',
    logging: false,
    define: { freezeTableName: true }
  });

  sequelize.define('sessions', {
    therapist: { type: Sequelize.STRING, allowNull: false },
    minutes: { type: Sequelize.INTEGER, defaultValue: 50 },
    redisKey: { type: Sequelize.STRING, field: 'redis_key' }
  });

  app.set('sequelizeClient', sequelize);
};
