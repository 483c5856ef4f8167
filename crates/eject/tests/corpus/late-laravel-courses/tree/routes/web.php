<?php

use App\Http\Controllers\CourseController;
use Illuminate\Support\Facades\Route;

Route::get('/courses', [CourseController::class, 'index']);
Route::get('/visits', [CourseController::class, 'visits']);
Route::post('/courses/{course}/enrol', [CourseController::class, 'enrol'])
    ->middleware('throttle:enrol');
