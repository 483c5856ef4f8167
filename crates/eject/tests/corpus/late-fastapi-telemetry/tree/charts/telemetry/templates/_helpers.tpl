{{- define "telemetry.args" -}}
{{- if eq . "api" -}}["uvicorn", "telemetry.main:app", "--host", "0.0.0.0"]
{{- else if eq . "aggregator" -}}["python", "-m", "telemetry.consumers.aggregator"]
{{- else if eq . "celery" -}}["celery", "-A", "telemetry.celery_app", "worker", "-B"]
{{- else -}}["arq", "telemetry.firmware.worker.WorkerSettings"]
{{- end -}}
{{- end -}}
