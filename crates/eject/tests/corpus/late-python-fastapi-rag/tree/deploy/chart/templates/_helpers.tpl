{{- define "ragdesk.dsn" -}}
{{- if .Values.redis.enabled -}}
redis://{{ .Release.Name }}-redis-master:6379/0
{{- else -}}
{{ .Values.externalRedis }}
{{- end -}}
{{- end -}}
