package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"
	"github.com/google/uuid"

	"github.com/northbeam/ledger/internal/idempotency"
	"github.com/northbeam/ledger/internal/transfer"
)

type Transfers struct {
	Service *transfer.Service
	Idem    *idempotency.Store
}

func (h *Transfers) Create(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if key == "" {
		c.JSON(http.StatusBadRequest, gin.H{"error": "Idempotency-Key is missing"})
		return
	}
	var t transfer.Transfer
	if err := c.ShouldBindBodyWith(&t, binding.JSON); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	body, _ := json.Marshal(t)
	sum := sha256.Sum256(body)

	stored, err := h.Idem.Begin(c, key, hex.EncodeToString(sum[:]))
	switch {
	case errors.Is(err, idempotency.ErrInFlight), errors.Is(err, idempotency.ErrMismatch):
		c.JSON(http.StatusConflict, gin.H{"error": err.Error()})
		return
	case err != nil:
		c.JSON(http.StatusServiceUnavailable, gin.H{"error": "redis is not available"})
		return
	case stored != "":
		c.Data(http.StatusOK, "application/json", []byte(stored))
		return
	}

	t.ID = uuid.New()
	if err := h.Service.Execute(c, t); err != nil {
		h.Idem.Abort(c, key)
		if errors.Is(err, transfer.ErrBusy) {
			c.AbortWithStatus(http.StatusLocked)
			return
		}
		_ = c.AbortWithError(http.StatusInternalServerError, err)
		return
	}
	out, _ := json.Marshal(t)
	_ = h.Idem.Finish(c, key, string(out))
	c.Data(http.StatusCreated, "application/json", out)
}
