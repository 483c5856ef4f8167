'use strict';

var fs = require('fs');
var path = require('path');
var Parcel = require('../models').Parcel;
var labels = require('../lib/queues').labels;
var logger = require('../lib/logger')('labels');

labels.process(4, function (job, done) {
  Parcel.findByPk(job.data.parcel).then(function (parcel) {
    if (!parcel) return done(new Error('no parcel ' + job.data.parcel));
    var zpl = '^XA^FO40,40^BCN,90^FD' + parcel.id + '^FS^XZ';
    job.progress(50);
    fs.writeFile(path.join('/var/spool/labels', parcel.id + '.zpl'), zpl, done);
  }, done);
});

labels.on('failed', function (job, err) {
  logger.warn('label of ' + job.data.parcel + ': ' + err.message);
});
