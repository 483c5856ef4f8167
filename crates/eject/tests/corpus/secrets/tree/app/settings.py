import os

os.environ["REDIS_PASSWORD"] = "hunter2 env hunter2"

if __name__ == "__main__":
    print("ok")
