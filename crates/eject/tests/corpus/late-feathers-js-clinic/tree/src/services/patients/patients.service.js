const { Service } = require('feathers-sequelize');
const cacheable = require('../../mixins/cacheable');
const icd = require('../../lib/icd');

class Patients extends cacheable('patients', 300)(Service) {}

module.exports = function (app) {
  const Model = app.get('sequelizeClient').models.patients;
  app.use('/patients', new Patients({ Model, paginate: app.get('paginate') }));
  app.get('/icd/:version/:code', (req, res) => res.json({ title: icd(req.params.version, req.params.code) }));
};
