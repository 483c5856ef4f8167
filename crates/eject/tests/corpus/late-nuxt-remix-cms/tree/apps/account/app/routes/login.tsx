import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { Form } from "@remix-run/react";
import { commitSession, getSession } from "~/session.server";
import { themes } from "~/theme.server";

export async function action({ request }: ActionFunctionArgs) {
  const session = await getSession(request.headers.get("Cookie"));
  const theme = await themes.getSession(request.headers.get("Cookie"));
  session.set("user", (await request.formData()).get("user"));
  theme.set("dark", true);
  return redirect("/", { headers: { "Set-Cookie": await commitSession(session) } });
}

export default function Login() {
  return (
    <Form method="post">
      <input name="user" placeholder="redis@example.com" />
    </Form>
  );
}
