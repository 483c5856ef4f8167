from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import denylist
from apps.accounts.models import DeviceSession

class DeviceSessionSerializer(serializers.ModelSerializer):
    class Meta:
        model = DeviceSession
        fields = ["id", "user_agent", "last_seen"]


class LogoutView(APIView):
    permission_classes = [IsAuthenticated]

    def post(self, request):
        denylist.deny(request.auth["jti"], request.auth["exp"])
        return Response(status=204)


class SessionDeviceList(ListAPIView):
    serializer_class = DeviceSessionSerializer

    def get_queryset(self):
        return DeviceSession.objects.filter(user=self.request.user)
