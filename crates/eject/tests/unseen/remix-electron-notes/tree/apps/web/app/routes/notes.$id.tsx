import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { noteById, saveNote } from "~/utils/notes.server";
import { requireUser } from "~/utils/session.server";

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireUser(request);
  const note = await noteById(params.id!);
  if (!note) throw new Response(null, { status: 404 });
  return note;
}

export async function action({ request, params }: ActionFunctionArgs) {
  await requireUser(request);
  const form = await request.formData();
  await saveNote(params.id!, String(form.get("title")), String(form.get("body")));
  return null;
}

export default function NotePage() {
  const note = useLoaderData<typeof loader>();
  return (
    <Form method="post">
      <input name="title" defaultValue={note.title} />
      <textarea name="body" defaultValue={note.body} />
      <button>Save</button>
    </Form>
  );
}
