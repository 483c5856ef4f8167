'use strict'

var express = require('express')
var trail = require('./trail')

var app = express()
app.use(express.json())

app.post('/opened', function (req, res, next) {
  trail.append(req.body.car, req.body.driver, function (err, id) {
    if (err) return next(err)
    res.status(202).json({ id: id })
  })
})

app.get('/last/:n', function (req, res, next) {
  trail.last(Number(req.params.n), function (err, rows) {
    err ? next(err) : res.json(rows)
  })
})

app.listen(process.env.PORT || 4300)
