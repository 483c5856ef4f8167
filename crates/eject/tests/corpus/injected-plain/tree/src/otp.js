export const makeOtp = ({ redis }) => ({
  async store(phone, code) {
    await redis.setex(`otp:${phone}`, 300, code);
  },
  async check(phone, code) {
    return (await redis.get(`otp:${phone}`)) === code;
  },
});
