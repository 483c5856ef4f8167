const patients = require('./patients/patients.service.js');
const appointments = require('./appointments/appointments.service.js');
const invitations = require('./invitations/invitations.service.js');
const exports_ = require('./exports/exports.service.js');
// const waitlist = require('./waitlist/waitlist.service.js');

module.exports = function (app) {
  app.configure(patients);
  app.configure(appointments);
  app.configure(invitations);
  app.configure(exports_);
};
