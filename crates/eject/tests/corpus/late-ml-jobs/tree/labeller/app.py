from flask import Flask, jsonify, request, session

from models import Label, Migrator

app = Flask(__name__)
app.secret_key = "hunter2Flaskhunter2"


@app.before_request
def remember():
    session.setdefault("seen", 0)
    session["seen"] += 1


@app.post("/labels")
def create():
    label = Label(**request.get_json())
    label.save()
    label.expire(60 * 60 * 24)
    return jsonify(label.dict()), 201


@app.get("/labels/<image>")
def read(image):
    return jsonify([label.dict() for label in Label.find(Label.image == image).all()])


if __name__ == "__main__":
    Migrator().run()
    app.run()
