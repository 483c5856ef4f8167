import { app, BrowserWindow, session } from "electron";
import Store from "electron-store";
import { io } from "socket.io-client";
import { OfflineQueue } from "./queue";

const store = new Store<{ server: string; theme: string }>({ defaults: { server: "https://notes.example.com", theme: "light" } });

app.whenReady().then(async () => {
  await session.defaultSession.clearCache();
  const queue = new OfflineQueue(app.getPath("userData"));
  const socket = io(store.get("server"), { transports: ["websocket"] });
  socket.on("connect", () => queue.flush((job) => socket.emitWithAck("save", job)));

  const window = new BrowserWindow({ width: 1100, height: 760, titleBarStyle: "hiddenInset" });
  await window.loadURL(store.get("server"));
});

app.on("window-all-closed", () => process.platform !== "darwin" && app.quit());
