"""Page source, notification dumps and event lines become observations. Pure: text in, frozen values out."""
