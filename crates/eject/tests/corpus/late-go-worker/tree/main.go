package main

import "git.example.org/media/transcoder/cmd"

func main() { cmd.Execute() }
