package server

import (
	"context"
	"testing"

	"go.uber.org/mock/gomock"

	ridesv1 "github.com/hailme/rides/gen/rides/v1"
	"github.com/hailme/rides/internal/drivers"
	"github.com/hailme/rides/internal/drivers/mocks"
)

func TestNobody(t *testing.T) {
	store := mocks.NewMockStore(gomock.NewController(t))
	store.EXPECT().Near(gomock.Any(), gomock.Any(), 5.0, 8).Return(nil, drivers.ErrNobody)
	s := &Server{places: store}
	if _, err := s.Request(context.Background(), &ridesv1.RequestRide{}); err == nil {
		t.Fatal("somebody")
	}
}
