<?php

namespace App\Http\Controllers;

use App\Models\Course;
use App\Services\Enrolment;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Cache;

class CourseController
{
    public function index()
    {
        return Cache::remember('courses', 300, fn () => Course::all());
    }

    public function visits()
    {
        return Cache::store('octane')->increment('visits');
    }

    public function enrol(Request $request, Course $course, Enrolment $enrolment)
    {
        $request->session()->put('course', $course->id);

        return ['enrolled' => $enrolment->enrol($course->id, $request->user()->id), 'by' => 'redis'];
    }
}
