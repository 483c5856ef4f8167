import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { Form, useActionData } from "@remix-run/react";
import { createCode, redeemCode } from "~/utils/codes.server";
import { sql } from "~/utils/db.server";
import { commitSession, getSession } from "~/utils/session.server";

async function sendMail(to: string, subject: string, text: string) {
  const body = JSON.stringify({ To: [{ Email: to }], Subject: subject, Text: text });
  await fetch(process.env.MAIL_API ?? "http://localhost:8025/api/v1/send", { method: "POST", body });
}

export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData();
  const email = String(form.get("email"));
  const code = form.get("code");
  if (!code) {
    await sendMail(email, "Your code", await createCode(email));
    return { email };
  }
  if (!(await redeemCode(email, String(code)))) return { email, error: "That code is not right." };

  const [user] = await sql`insert into users (email) values (${email}) on conflict (email) do update set email = excluded.email returning id`;
  const session = await getSession();
  session.set("userId", user.id);
  return redirect("/notes", { headers: { "Set-Cookie": await commitSession(session) } });
}

export default function Login() {
  const data = useActionData<typeof action>();
  return (
    <Form method="post">
      <input name="email" type="email" defaultValue={data?.email} />
      {data?.email && <input name="code" inputMode="numeric" />}
      <button>Go on</button>
    </Form>
  );
}
